"""What the website and the kiosk ask alike: the questions, their forms, and a person's answers.

Which page shows them, and how, is each channel's own.
"""
