#!/usr/bin/env bash
# Sourced, not run: free_port prints a port of 127.0.0.1 that nobody listens on. Needs Python.

free_port() {
  # Bound and released at once; whoever asked takes it some milliseconds later.
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
