"""The district's side: which villages it serves, what they offer, who works there, and the tool that arranges it."""
