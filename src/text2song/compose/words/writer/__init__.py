"""Words for a song that brings none: themes, rhymes, metre, hooks."""
