"""The kiosk: the website's questions for somebody who stands, at a device of a site."""
