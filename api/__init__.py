"""Where other systems ask and answer: REST in `v1`. Thin; the rules are in the apps below."""
