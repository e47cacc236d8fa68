"""What a deployment of the landing zone will change, and why a step of the pipeline did not get that far."""
