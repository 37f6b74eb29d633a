"""One router per noun; each endpoint is a few lines that call a use case."""
