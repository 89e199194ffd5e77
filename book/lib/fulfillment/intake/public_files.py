"""Mappings of two public data sets: USAID's SCMS delivery history and Olist's Brazilian e-commerce files.

Neither is part of the project. To adapt one, replace what differs: ``replace(OLIST["orders"], file="my_orders.csv")``.
"""

from fulfillment.intake.mapping import Column, Source

#: USAID's SCMS Delivery History: one row a delivered line of a purchase order (or of an order from its own stock).
SCMS: dict[str, Source] = {
    "lines": Source(
        "SCMS_Delivery_History_Dataset.csv",
        {
            "line_id": Column("ID"),
            "order_id": Column("PO / SO #"),
            "shipment_id": Column("ASN/DN #"),
            "country": Column("Country"),
            "fulfilled_via": Column("Fulfill Via"),
            "incoterm": Column("Vendor INCO Term"),
            "shipment_mode": Column("Shipment Mode"),
            "quoted_at": Column("PQ First Sent to Client Date", "time"),
            "ordered_at": Column("PO Sent to Vendor Date", "time"),
            "deliver_by": Column("Scheduled Delivery Date", "deadline"),
            "delivered_at": Column("Delivered to Client Date", "time"),
            "recorded_at": Column("Delivery Recorded Date", "time"),
            "product_group": Column("Product Group"),
            "vendor": Column("Vendor"),
            "manufacturer": Column("Manufacturing Site"),
            "item": Column("Item Description"),
            "quantity": Column("Line Item Quantity", "whole"),
            "value_usd": Column("Line Item Value", "money"),
            "pack_price_usd": Column("Pack Price", "money"),
            "weight_kg": Column("Weight (Kilograms)", "number"),
            "freight_usd": Column("Freight Cost (USD)", "money"),
            "insurance_usd": Column("Line Item Insurance (USD)", "money"),
        },
        key=("line_id",),
        sequences=(("ordered_at", "delivered_at"), ("delivered_at", "recorded_at")),
    )
}

_ORDER = {"order_id": Column("order_id")}
#: Olist's Brazilian e-commerce files, by their published names; values in Brazilian real.
OLIST: dict[str, Source] = {
    "orders": Source(
        "olist_orders_dataset.csv",
        {
            **_ORDER,
            "customer_id": Column("customer_id"),
            "status": Column("order_status"),
            "ordered_at": Column("order_purchase_timestamp", "time"),
            "approved_at": Column("order_approved_at", "time"),
            "dispatched_at": Column("order_delivered_carrier_date", "time"),
            "delivered_at": Column("order_delivered_customer_date", "time"),
            "deliver_by": Column("order_estimated_delivery_date", "deadline"),
        },
        key=("order_id",),
        sequences=(
            ("ordered_at", "approved_at"),
            ("ordered_at", "dispatched_at"),
            ("dispatched_at", "delivered_at"),
            ("ordered_at", "deliver_by"),
        ),
        refers={"customer_id": "customers"},
    ),
    "lines": Source(
        "olist_order_items_dataset.csv",
        {
            **_ORDER,
            "line_id": Column("order_item_id"),
            "product_id": Column("product_id"),
            "vendor": Column("seller_id"),
            "dispatch_due_at": Column("shipping_limit_date", "deadline"),
            "value_brl": Column("price", "money"),
            "freight_brl": Column("freight_value", "money"),
        },
        key=("order_id", "line_id"),
        refers={"order_id": "orders", "product_id": "products", "vendor": "sellers"},
    ),
    "products": Source(
        "olist_products_dataset.csv",
        {
            "product_id": Column("product_id"),
            "category": Column("product_category_name"),
            "weight_g": Column("product_weight_g", "number"),
            "length_cm": Column("product_length_cm", "number"),
            "height_cm": Column("product_height_cm", "number"),
            "width_cm": Column("product_width_cm", "number"),
        },
        key=("product_id",),
    ),
    "sellers": Source(
        "olist_sellers_dataset.csv",
        {
            "vendor": Column("seller_id"),
            "zip_prefix": Column("seller_zip_code_prefix"),
            "city": Column("seller_city"),
            "state": Column("seller_state"),
        },
        key=("vendor",),
    ),
    "customers": Source(
        "olist_customers_dataset.csv",
        {
            "customer_id": Column("customer_id"),
            "buyer_id": Column("customer_unique_id"),
            "zip_prefix": Column("customer_zip_code_prefix"),
            "city": Column("customer_city"),
            "state": Column("customer_state"),
        },
        key=("customer_id",),
    ),
    "payments": Source(
        "olist_order_payments_dataset.csv",
        {
            **_ORDER,
            "payment_id": Column("payment_sequential"),
            "method": Column("payment_type"),
            "installments": Column("payment_installments", "whole"),
            "paid_brl": Column("payment_value", "money"),
        },
        key=("order_id", "payment_id"),
        refers={"order_id": "orders"},
    ),
    "reviews": Source(
        "olist_order_reviews_dataset.csv",
        {
            "review_id": Column("review_id"),
            **_ORDER,
            "review_stars": Column("review_score", "whole", minimum=1, maximum=5),
            "title": Column("review_comment_title", may_be_empty=True),
            "message": Column("review_comment_message", may_be_empty=True),
            "created_at": Column("review_creation_date", "time"),
            "answered_at": Column("review_answer_timestamp", "time"),
        },
        key=("review_id", "order_id"),  # one review may stand for several orders
        sequences=(("created_at", "answered_at"),),
        refers={"order_id": "orders"},
    ),
}
