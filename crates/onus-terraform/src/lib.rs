//! Terraform and OpenTofu: directories, plans and states to raw resources.
