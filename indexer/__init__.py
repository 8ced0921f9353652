"""What is worked out before anyone asks: claims, vectors, stances, the index and the knowledge base around them."""
