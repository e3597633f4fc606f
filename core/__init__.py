"""The shared kernel: small files with no opinions about enquiries. It imports no other app."""
