"""What the tests stand on: databases, servers, clients. No test is in here."""
