"""Appointments, with or without an enquiry. The room is kept for issues to come."""
