"""What others may read of enquiries. Every reading takes the viewer first."""
