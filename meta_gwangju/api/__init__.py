"""The city over HTTP and WebSocket, one noun a file."""
