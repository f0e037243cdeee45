"""What the client of client.py does to a server, and what it sees."""
