"""What tests share: networks made of namespaces, real browsers, the real server, and patience with a deadline."""
