"""What people said: threads, posts, the readers that find them and the store that keeps them. No models here."""
