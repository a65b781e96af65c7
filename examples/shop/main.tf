# The shop: a web service on Fargate, a database, product images, and a function that sends receipts.

terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { project = "shop" }
  }
}

resource "aws_kms_key" "shop" {
  description         = "Encrypts the shop's data"
  enable_key_rotation = true
}
