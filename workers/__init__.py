"""What time and the outside world do."""
