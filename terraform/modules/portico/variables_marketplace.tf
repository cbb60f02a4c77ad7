# What the Marketplace knows of the vendor.

variable "accepted_roles" {
  description = "Roles of a customer's user, as the Marketplace's token names them, that may be linked and handed over."
  type        = list(string)
  default     = ["account_admin", "project_editor"]
  nullable    = false

  validation {
    condition     = length(var.accepted_roles) > 0 && alltrue([for role in var.accepted_roles : can(regex("^[a-z_]+$", role))])
    error_message = "accepted_roles must be at least one role such as account_admin or project_editor."
  }
}

variable "approval_policy" {
  description = "What happens to orders that wait for approval: auto approves them, manual leaves them to the operator."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["auto", "manual"], var.approval_policy)
    error_message = "approval_policy must be auto or manual."
  }
}

variable "marketplace_audiences" {
  description = "`aud` values of the Marketplace's tokens: host names as registered in Producer Portal. null: the hosts of the sign-up and login addresses."
  type        = list(string)
  default     = null

  validation {
    condition = var.marketplace_audiences == null || try(
      length(var.marketplace_audiences) > 0 && alltrue([for audience in var.marketplace_audiences : can(regex("^[a-z0-9.-]+$", audience))]),
      false,
    )
    error_message = "marketplace_audiences must be at least one host name without scheme, such as marketplace.example.com."
  }
}

variable "marketplace_topic" {
  description = "The Marketplace's topic, as Producer Portal shows it once the accounts are linked. null, as in a first apply: no subscription to it yet."
  type        = string
  default     = null

  validation {
    condition     = var.marketplace_topic == null || can(regex("^projects/[a-z][a-z0-9-]+/topics/[A-Za-z][A-Za-z0-9._~+%-]+$", var.marketplace_topic))
    error_message = "marketplace_topic must be a whole name such as projects/cloudcommerceproc-prod/topics/example-partner."
  }
}

variable "procurement_provider" {
  description = "The vendor's provider id in the Partner Procurement API, such as example-partner."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._~:@+-]{1,128}$", var.procurement_provider))
    error_message = "procurement_provider must be an id of letters, digits and . _ ~ : @ + -, such as example-partner."
  }
}

variable "products" {
  description = "Product ids that this deployment serves: orders of others are not taken up, and taking one out ends no access."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.products) > 0 && alltrue([for product in var.products : can(regex("^[A-Za-z0-9._~:@+-]{1,128}$", product))])
    error_message = "products must be at least one id such as product.endpoints.example-partner.cloud.goog."
  }
}
