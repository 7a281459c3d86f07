"""Invented messages for tests: a pen that writes them, and deliveries that tell a story."""
