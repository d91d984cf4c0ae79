"""One file a channel, and the dict that lists them."""

from workers.channels import webpush

CHANNELS = {"webpush": webpush}
