"""The demonstration partnership: made-up people, believable enquiries, real actions."""
