"""Messages out: every text, e-mail and letter leaves by `notifications.actions.send`."""
