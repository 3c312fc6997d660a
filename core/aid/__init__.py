"""What a family gets, from whatever programme, and which programmes exclude each other."""
