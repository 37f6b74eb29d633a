"""The project's own tools; none is part of the product."""
