variable "region" {
  description = "Where the shop runs."
  type        = string
  default     = "eu-west-1"
}

variable "image" {
  description = "The container image of the shop, with its digest."
  type        = string
  default     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:5f0c7a3d"
}

variable "certificate_arn" {
  description = "The certificate of the shop's name."
  type        = string
  default     = "arn:aws:acm:eu-west-1:123456789012:certificate/7e1f6a52-5f0e-4a55-9c7a-0f8f6f6f1c11"
}

variable "database_backup_days" {
  description = "How long backups of the orders are kept. Each environment says so itself; there is no default."
  type        = number
}
