"""What messages are compared with: one Celery task that hands one mail to one server, no more.

Nothing is remembered, nothing is looked up, nothing is ordered, nothing comes back when a worker
dies. `celery -A tests.bench.bare worker` runs it.
"""

from __future__ import annotations

import os
import smtplib
from email.message import EmailMessage

from celery import Celery

app = Celery("bare", broker=os.environ["REDIS_URL"])
app.conf.task_ignore_result = True
app.conf.task_default_queue = "bare"


@app.task(name="bare.mail")
def mail(port: int, to: str, subject: str, body: str) -> None:
    """Hands one mail over, on a connection of its own."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "hub@example.org", to, subject
    letter.set_content(body)
    with smtplib.SMTP("127.0.0.1", port, timeout=8) as server:
        server.send_message(letter)
