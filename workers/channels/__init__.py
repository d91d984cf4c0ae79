"""One file a channel, and the dict that lists them."""

from workers.channels import apprise_targets, mail, ntfy, pushover, sms, voice, webpush

CHANNELS = {
    "webpush": webpush,
    "voice": voice,
    "sms": sms,
    "pushover": pushover,
    "ntfy": ntfy,
    "email": mail,
    "apprise": apprise_targets,
}
