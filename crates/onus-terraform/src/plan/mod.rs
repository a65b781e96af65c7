//! Plans and states of Terraform as JSON.
