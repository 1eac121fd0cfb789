"""What a small business sells, and from where: the words by which licences branch."""

from webapp.core.labels import LabelledEnum


class Trade(LabelledEnum):
    """What is sold or done."""

    FISH = "fish", "卖鱼、水产"
    VEGETABLES = "vegetables", "卖菜、水果"
    FARM_GOODS = "farm_goods", "卖自家种养的"
    FOOD_STALL = "food_stall", "早餐、小面、小吃（现做现卖）"
    PREPARED_FOOD = "prepared_food", "卤菜、豆腐、腊肉香肠（自己加工）"
    GROCERY = "grocery", "小卖部"
    FLOWERS = "flowers", "花草盆栽"
    REPAIR = "repair", "缝补、修鞋、修伞"
    PHONE_REPAIR = "phone_repair", "修手机、贴膜"
    VEHICLE_REPAIR = "vehicle_repair", "修电瓶车"
    HAIRCUT = "haircut", "理发"
    LAUNDRY = "laundry", "洗衣收送"
    CHILDCARE = "childcare", "带娃、小饭桌"
    HANDICRAFT = "handicraft", "手工作坊"
    ONLINE_SHOP = "online_shop", "网店、团购"
    HOME_SERVICE = "home_service", "上门服务、跑腿"
    PARCEL = "parcel", "快递驿站"
    RECYCLING = "recycling", "收废品"
    OTHER = "other", "别的"


#: The guide (``data/guides``) that tells how a trade is begun.
GUIDES = {
    Trade.CHILDCARE: "small-childcare",
    Trade.FISH: "fish-stall",
    Trade.FOOD_STALL: "breakfast-cart",
    Trade.HAIRCUT: "haircuts-at-home",
    Trade.HANDICRAFT: "handicraft-workshop",
    Trade.LAUNDRY: "laundry-pickup",
    Trade.ONLINE_SHOP: "online-shop",
    Trade.PHONE_REPAIR: "phone-repair",
    Trade.REPAIR: "shoe-umbrella-repair",
    Trade.VEGETABLES: "vegetable-stall",
}


class Site(LabelledEnum):
    """From where it is sold."""

    MARKET = "market", "市场里的摊位"
    SHOP = "shop", "门面、店铺"
    STREET = "street", "路边划定的点位"
    HOME = "home", "自己家里"
    DOOR = "door", "上门做"
    ONLINE = "online", "网上"
