"""Reads the listed messages once for each line on standard input and prints the seconds it took."""
import email
import email.policy
import sys
import time

messages = [open(line.rstrip("\n"), "rb").read() for line in open(sys.argv[2])]


def read(message):
    mail = email.message_from_bytes(message, policy=email.policy.default)
    for name in ("subject", "from", "to", "cc", "date", "message-id", "in-reply-to", "references"):
        str(mail[name])
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        if body is not None:
            body.get_content()
    for part in mail.iter_attachments():
        part.get_filename()
        part.get_payload(decode=True)


for _ in sys.stdin:
    started = time.perf_counter()
    for message in messages:
        try:
            read(message)
        except Exception:
            pass
    print(time.perf_counter() - started, flush=True)
