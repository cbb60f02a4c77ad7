# Where customers reach the functions.

variable "application_rate_limit_per_minute" {
  description = "Requests a minute that one address may send to `/usage` and `/service-account-links` together, behind the load balancer. A request of the application's may have 10,000 records of usage, and all its instances may come from one address."
  type        = number
  default     = 1200
  nullable    = false

  validation {
    condition     = var.application_rate_limit_per_minute >= 10 && var.application_rate_limit_per_minute <= 10000 && floor(var.application_rate_limit_per_minute) == var.application_rate_limit_per_minute
    error_message = "application_rate_limit_per_minute must be a whole number from 10 to 10000."
  }
}

variable "domain" {
  description = "The vendor's own host name for the functions, such as marketplace.example.com. null: Cloud Run's addresses."
  type        = string
  default     = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain))
    error_message = "domain must be a host name in lower case without scheme, port or path, such as marketplace.example.com."
  }
}

variable "existing_load_balancer" {
  description = "With a domain, and load_balancer off: whether the domain leads to a load balancer of your own in this project, so that nothing comes past it to the functions. The output `functions` says which paths are whose."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.existing_load_balancer || (var.domain != null && !var.load_balancer)
    error_message = "existing_load_balancer needs domain, and load_balancer = false: there is one load balancer."
  }
}

variable "load_balancer" {
  description = "With a domain: whether to build the load balancer with its certificate and rate limit. Off where the domain leads to the functions in a way of your own."
  type        = bool
  default     = true
  nullable    = false
}

variable "rate_limit_per_minute" {
  description = "Requests a minute that one address may send to what customers' browsers call, behind the load balancer. A visit takes up to six, and a whole company may come from one address."
  type        = number
  default     = 120
  nullable    = false

  validation {
    condition     = var.rate_limit_per_minute >= 10 && var.rate_limit_per_minute <= 10000 && floor(var.rate_limit_per_minute) == var.rate_limit_per_minute
    error_message = "rate_limit_per_minute must be a whole number from 10 to 10000."
  }
}
