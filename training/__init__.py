"""How the shipped weights were made: scripts that anyone can run again from the data folder."""
