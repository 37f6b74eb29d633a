"""Words to be sung: the user's text as stanzas, lines, words and syllables with their stress."""
