"""What `native-notes/soak` is made of: the daemon under test, what is done to it, how it is judged."""
