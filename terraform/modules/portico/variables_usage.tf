# Only for products with usage-based prices. Without `metrics` nothing of this exists.

variable "grant_usage_role" {
  description = "Whether the right to report usage is given here, which takes rights on `usage_service_name`. false: whoever has them gives it. README.md, \"What each service account may do\"."
  type        = bool
  default     = true
  nullable    = false
}

variable "late_usage" {
  description = "Usage whose window is closed: next-window puts it into the open one, refuse refuses it."
  type        = string
  default     = "next-window"
  nullable    = false

  validation {
    condition     = contains(["next-window", "refuse"], var.late_usage)
    error_message = "late_usage must be next-window or refuse."
  }
}

variable "metrics" {
  description = "The metrics declared in Producer Portal, each with its plan and type, such as pro/requests:int64; in the name of a plan a comma is written %2C, a slash %2F and a percent sign %25. null: the product has no usage-based prices, and there is no usage-report."
  type        = list(string)
  default     = null

  validation {
    condition = var.metrics == null || try(
      length(var.metrics) > 0 && alltrue([
        for metric in var.metrics :
        can(regex("^([^,/%[:cntrl:]]|%[0-9A-Fa-f]{2})+/[A-Za-z0-9._-]{1,128}:(int64|double)$", metric))
      ]),
      false,
    )
    error_message = "metrics must be at least one PLAN/METRIC:TYPE with int64 or double as type, such as pro/requests:int64, with %2C, %2F and %25 for a comma, a slash and a percent sign in the name of a plan; or null, without usage-based prices."
  }

  validation {
    condition = var.metrics == null || try(
      length(distinct([for metric in var.metrics : regex("/(.*):", metric)[0]])) == length(var.metrics),
      false,
    )
    error_message = "metrics must name each metric once: two plans never share one."
  }
}

variable "usage_callers" {
  description = "Service accounts with which the application records usage: each its e-mail, or `EMAIL=UNIQUE_ID`, which accepts no other account that is made at the address of a deleted one."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for caller in var.usage_callers : can(regex("^[a-z0-9.-]+@[a-z0-9.-]+\\.gserviceaccount\\.com(=[0-9]{1,30})?$", caller))])
    error_message = "usage_callers must be e-mail addresses of service accounts such as app@vendor-app.iam.gserviceaccount.com, each alone or with its unique id: EMAIL=112233445566778899222."
  }

  validation {
    condition     = var.metrics == null || length(var.usage_callers) > 0
    error_message = "usage_callers must be at least one service account when metrics is set: nobody else can record usage."
  }
}

variable "usage_service_name" {
  description = "The product's service name, to which usage is reported, as Google's Partner Engineer registered it. Several products have usage_service_names."
  type        = string
  default     = null

  validation {
    condition     = var.usage_service_name == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.usage_service_name))
    error_message = "usage_service_name must be a service name such as product.endpoints.example-partner.cloud.goog."
  }

  validation {
    condition     = var.metrics == null || var.usage_service_name != null || length(var.usage_service_names) > 0
    error_message = "usage_service_name must be set when metrics is: usage is reported to it."
  }
}

variable "usage_service_names" {
  description = "With several products: product id → the service name to which its usage is reported. Usage of a product that is left out is refused."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for service in values(var.usage_service_names) : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", service))])
    error_message = "usage_service_names must be service names such as product.endpoints.example-partner.cloud.goog, by product id."
  }

  validation {
    condition     = alltrue([for product in keys(var.usage_service_names) : contains(var.products, product)])
    error_message = "usage_service_names must name products that are in products."
  }

  validation {
    condition     = var.metrics == null || length(var.products) < 2 || length(var.usage_service_names) > 0
    error_message = "usage_service_names must be set when metrics is and there are several products: no product's usage is reported to another's service."
  }
}

variable "user_labels" {
  description = "Whether usage is reported by its labels, on or off. Google must have enabled it for the service."
  type        = string
  default     = "off"
  nullable    = false

  validation {
    condition     = contains(["off", "on"], var.user_labels)
    error_message = "user_labels must be off or on."
  }
}

variable "zero_usage" {
  description = "Hours without usage: skip reports nothing, report reports zero of every metric of the plan."
  type        = string
  default     = "skip"
  nullable    = false

  validation {
    condition     = contains(["report", "skip"], var.zero_usage)
    error_message = "zero_usage must be skip or report."
  }
}
