# What a home needs to refill its talking doors on EC2: somebody who may launch one small GPU machine
# and must end it (GPPDE), and an e-mail when the account costs more than expected.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  description = "Any region will do: all that is made here is valid in every region."
  type        = string
  default     = "us-east-1"
}

variable "name" {
  description = "What the user or role, the policy and the budget are called."
  type        = string
  default     = "gppde"
}

variable "budget_email" {
  description = "Where AWS sends word when the account costs more than expected."
  type        = string

  validation {
    condition     = can(regex("^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$", var.budget_email))
    error_message = "Enter one e-mail address."
  }
}

variable "budget_dollars" {
  description = "What the whole account may cost in a month, in US dollars, before the e-mail is sent."
  type        = number
  default     = 5

  validation {
    condition     = var.budget_dollars >= 1
    error_message = "Enter one dollar or more."
  }
}

variable "trusted_arn" {
  description = "Nothing, for an IAM user. With the ARN of a user or role that Home Assistant has already, a role is made instead that only this user or role may assume."
  type        = string
  default     = null
}

locals {
  alarms = [
    { type = "ACTUAL", percent = 50 },
    { type = "ACTUAL", percent = 100 },
    { type = "FORECASTED", percent = 100 },
  ]
}

resource "aws_iam_policy" "gppde" {
  name        = var.name
  description = "Launch a tagged GPU instance, and end it."
  policy      = file("${path.module}/policy.json")
}

# The access key is made by hand, in the console: a key that Terraform makes stays readable in its state.
resource "aws_iam_user" "gppde" {
  count = var.trusted_arn == null ? 1 : 0

  name          = var.name
  force_destroy = true
}

resource "aws_iam_user_policy_attachment" "gppde" {
  count = var.trusted_arn == null ? 1 : 0

  user       = aws_iam_user.gppde[0].name
  policy_arn = aws_iam_policy.gppde.arn
}

resource "aws_iam_role" "gppde" {
  count = var.trusted_arn == null ? 0 : 1

  name = var.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = var.trusted_arn }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "gppde" {
  count = var.trusted_arn == null ? 0 : 1

  role       = aws_iam_role.gppde[0].name
  policy_arn = aws_iam_policy.gppde.arn
}

resource "aws_budgets_budget" "gppde" {
  name         = var.name
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.budget_dollars)
  limit_unit   = "USD"

  dynamic "notification" {
    for_each = local.alarms

    content {
      notification_type          = notification.value.type
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = [var.budget_email]
    }
  }
}

output "user_name" {
  description = "Make an access key for this user: IAM, Users, Security credentials, Create access key."
  value       = one(aws_iam_user.gppde[*].name)
}

output "role_arn" {
  description = "Enter this role in Home Assistant."
  value       = one(aws_iam_role.gppde[*].arn)
}
