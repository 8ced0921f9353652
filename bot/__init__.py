"""What is done when somebody asks: candidates, views, the answer, and its rendering."""
