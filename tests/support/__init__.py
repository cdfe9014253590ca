"""What tests share: networks made of namespaces, real browsers, the real server, patience with a deadline."""
