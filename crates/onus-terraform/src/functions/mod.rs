//! The functions of Terraform and OpenTofu.
