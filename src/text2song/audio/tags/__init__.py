"""What a song file says of itself: ID3 for MP3, Vorbis comments for FLAC and OGG."""
