"""The server: requests to it, its control plane if it is a mock, and how its time goes by."""
