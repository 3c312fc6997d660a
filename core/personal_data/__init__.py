"""What is held about one resident: a copy of it, and its erasure (UU 27/2022, pasal 7 and 8)."""
