"""The project: settings, addresses, jobs. It assembles the apps and is imported by none of them."""
