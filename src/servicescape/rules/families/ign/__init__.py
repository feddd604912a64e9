"""What is passed over: ignore comments and the baseline."""
