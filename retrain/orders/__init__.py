"""What makes a group official: the rector's orders, who signs them, and the papers that rest on them."""
