"""Every provider of the channels, as tests and stories meet them."""

from tests.channels.ntfy_server import NtfyServer
from tests.channels.provider import Provider, login_page
from tests.channels.pushover_server import PushoverServer
from tests.channels.smtp_server import SmtpServer
from tests.channels.twilio_server import TwilioServer

__all__ = [
    "NtfyServer",
    "Provider",
    "PushoverServer",
    "SmtpServer",
    "TwilioServer",
    "login_page",
]
