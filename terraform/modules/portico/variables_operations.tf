# Who is notified of what.

variable "alert_channels" {
  description = "Notification channels that exist already and that alerts go to, beside alert_email."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.alert_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "alert_channels must be whole names such as projects/vendor-marketplace/notificationChannels/1234567890."
  }
}

variable "alert_email" {
  description = "E-mail address that every alert goes to: the channel is made for it. Without it and without alert_channels alerts are seen on the dashboard alone."
  type        = string
  default     = null

  validation {
    condition     = var.alert_email == null || can(regex("^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$", var.alert_email))
    error_message = "alert_email must be one e-mail address such as ops@example.com."
  }
}

variable "budget" {
  description = "What the project may cost in a calendar month before the billing account's administrators and alert_email are notified, at half, at all of it, and where it is foreseen. The currency is that of the billing account. null: no budget is made."
  type = object({
    billing_account = string
    amount          = number
    currency        = optional(string)
  })
  default = null

  validation {
    condition     = try(can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account)) && var.budget.amount >= 1 && floor(var.budget.amount) == var.budget.amount, var.budget == null)
    error_message = "budget must have a billing_account such as 012345-6789AB-CDEF01 and as amount a whole number above zero."
  }
}

variable "erase_after_days" {
  description = "Days from the closing of an account until its personal data is erased. 0: as soon as it is closed. A mistake can be made good until then."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.erase_after_days >= 0 && floor(var.erase_after_days) == var.erase_after_days
    error_message = "erase_after_days must be a whole number of days, 0 or more."
  }
}

variable "log_budget_mib_per_day" {
  description = "Mebibytes of Cloud Run's logs a day beyond which an alert is raised. 512 a day are 15 GiB a month, within the free 50."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.log_budget_mib_per_day >= 1 && floor(var.log_budget_mib_per_day) == var.log_budget_mib_per_day
    error_message = "log_budget_mib_per_day must be a whole number of mebibytes above zero."
  }
}

variable "log_level" {
  description = "How much the functions log: error, warn, info or debug."
  type        = string
  default     = "info"
  nullable    = false

  validation {
    condition     = contains(["error", "warn", "info", "debug"], var.log_level)
    error_message = "log_level must be error, warn, info or debug."
  }
}

variable "objective_percent" {
  description = "Of 100 requests to sign-up and login in four weeks, how many shall be answered without a fault of ours. Alerts come when errors are so frequent that this cannot be kept."
  type        = number
  default     = 99.5
  nullable    = false

  validation {
    condition     = var.objective_percent >= 95 && var.objective_percent <= 99.9
    error_message = "objective_percent must be from 95 to 99.9."
  }
}

variable "paging_channels" {
  description = "Notification channels that wake somebody: alerts of severity CRITICAL go to them too."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.paging_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "paging_channels must be whole names such as projects/vendor-marketplace/notificationChannels/1234567890."
  }
}

variable "reconcile_every_minutes" {
  description = "How often everything is compared with the Marketplace. A round has to be finished within an hour, and each round reads every customer: README.md, \"Sizes\"."
  type        = number
  default     = 15
  nullable    = false

  validation {
    condition     = contains([1, 2, 5, 10, 15, 30], var.reconcile_every_minutes)
    error_message = "reconcile_every_minutes must be 1, 2, 5, 10, 15 or 30."
  }
}

variable "tell_of_earlier_orders" {
  description = "Whether your application is told, as of new ones, of orders that were in force before the first deployment. They are found by the first reconciliation: set it before that. MOVING.md has more."
  type        = bool
  default     = false
  nullable    = false
}

variable "runbook_url" {
  description = "Where your copy of runbook.md is read, such as https://git.example.com/portico/terraform/runbook.md: each alert links to its part of it. null: alerts name it."
  type        = string
  default     = null

  validation {
    condition     = var.runbook_url == null || can(regex("^https://[^[:space:]#]+$", var.runbook_url))
    error_message = "runbook_url must be an address that begins with https:// and has no #."
  }
}
