"""What an account holds, to look at: in which Region and Availability Zone things are, and what hangs on what."""
