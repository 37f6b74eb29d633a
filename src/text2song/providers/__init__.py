"""The makers of songs behind one interface, and the one router that picks between them."""
